"""What pages are set from: each thing that is shown in more than one place is drawn here and nowhere else."""
