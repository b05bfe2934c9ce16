"""Data quality: what is doubtful among the stored figures, told in sentences and marked."""
