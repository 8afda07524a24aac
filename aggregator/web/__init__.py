"""The site and the API, served: read only, from the same views and pages as everything else."""
