"""One page for the leader, readable on a telephone, without a network."""
