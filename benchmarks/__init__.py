"""What is measured: one script for each subject, each with its command at the top."""
