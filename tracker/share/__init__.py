"""What leaves the house: outbox sender, digest, gap figures, exports."""
