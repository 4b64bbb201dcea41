"""What tests share: worlds, twins, runs of the command, and the programs behind the Makefile's targets."""
