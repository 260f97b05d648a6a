"""What is on the disk and whose it is: records of what builds wrote, and what the system refuses to write."""
