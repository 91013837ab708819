"""The child process that analyses, and those that start it, which import none of the analysis."""
