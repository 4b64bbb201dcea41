// Blocks decoded ahead by threads that never need the interpreter's lock, and by whoever waits for one.
#pragma once

#include "events/block_decoder.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace streamstat {

// A block that is to be decoded; what it refers to must live until it is done or withdrawn.
class DecodeTask {
 public:
  DecodeTask(const BlockDecoder &decoder, std::span<Byte> block, std::size_t begin)
      : decoder_(decoder), block_(block), begin_(begin) {}

 private:
  friend class DecodePool;
  void run() noexcept;

  const BlockDecoder &decoder_;
  std::span<Byte> block_;
  std::size_t begin_;
  std::unique_ptr<Decoded> decoded_;
  std::exception_ptr error_;
  bool done_ = false;  // under the pool's lock, as all of its own
};

class DecodePool {
 public:
  // Without threads, tasks are run by those who wait for them; so threads that cannot be had are done without.
  explicit DecodePool(std::size_t threads);
  DecodePool(const DecodePool &) = delete;
  DecodePool &operator=(const DecodePool &) = delete;
  ~DecodePool() { close(); }

  // Ends the threads; from then on it is as one without.
  void close() noexcept;
  // How many there are; not while another thread closes it.
  std::size_t threads() const noexcept { return threads_.size(); }
  void submit(std::shared_ptr<DecodeTask> task);
  // What the task gives, once. Until it is done, the calling thread runs the oldest that no thread has begun.
  std::unique_ptr<Decoded> result(DecodeTask &task);
  // The task is not wanted any more: afterwards no thread is at it.
  void withdraw(const std::shared_ptr<DecodeTask> &task) noexcept;

 private:
  using Lock = std::unique_lock<std::mutex>;
  void work();
  void run_next(Lock &lock);

  std::mutex mutex_;
  std::condition_variable waiting_changed_, done_changed_;
  std::deque<std::shared_ptr<DecodeTask>> waiting_;  // not begun, oldest first
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace streamstat
