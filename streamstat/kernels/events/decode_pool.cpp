#include "events/decode_pool.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace streamstat {

void DecodeTask::run() noexcept {
  try {
    decoded_ = std::make_unique<Decoded>();
    decoder_.decode(block_, begin_, *decoded_);
  } catch (...) {
    error_ = std::current_exception();
  }
}

DecodePool::DecodePool(std::size_t threads) {
  threads_.reserve(threads);
  try {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error &) {
  }
}

void DecodePool::close() noexcept {
  {
    Lock lock(mutex_);
    closed_ = true;
  }
  waiting_changed_.notify_all();
  for (std::thread &thread : threads_) thread.join();
  threads_.clear();
}

void DecodePool::submit(std::shared_ptr<DecodeTask> task) {
  {
    Lock lock(mutex_);
    waiting_.push_back(std::move(task));
  }
  waiting_changed_.notify_one();
}

std::unique_ptr<Decoded> DecodePool::result(DecodeTask &task) {
  Lock lock(mutex_);
  while (!task.done_) {
    if (waiting_.empty())
      done_changed_.wait(lock);
    else
      run_next(lock);
  }
  if (task.error_) std::rethrow_exception(task.error_);
  if (!task.decoded_) throw std::logic_error("result: it was taken already");
  return std::move(task.decoded_);
}

void DecodePool::withdraw(const std::shared_ptr<DecodeTask> &task) noexcept {
  Lock lock(mutex_);
  if (const auto place = std::find(waiting_.begin(), waiting_.end(), task); place != waiting_.end())
    waiting_.erase(place);
  else
    done_changed_.wait(lock, [&] { return task->done_; });
}

void DecodePool::work() {
  Lock lock(mutex_);
  while (true) {
    waiting_changed_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
    if (closed_) return;
    run_next(lock);
  }
}

void DecodePool::run_next(Lock &lock) {
  const std::shared_ptr<DecodeTask> task = std::move(waiting_.front());
  waiting_.pop_front();
  lock.unlock();
  task->run();
  lock.lock();
  task->done_ = true;
  done_changed_.notify_all();
}

}  // namespace streamstat
