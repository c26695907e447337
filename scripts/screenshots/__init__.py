"""Screenshots of the user's guide: draws an example library, runs Mirage on it and photographs its pages."""
