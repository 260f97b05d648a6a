"""The scripts that lesson 50 starts in several processes; each needs only torch and scikit-learn."""
