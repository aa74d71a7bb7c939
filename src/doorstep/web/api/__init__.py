"""The JSON API: requests and answers as records, and one small function for each thing that can be asked."""
