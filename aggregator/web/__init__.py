"""The site and the API, served: read only, from the same views and pages as everything else.

It is Starlette and not FastAPI: in the running service, which is to stay small, Starlette and uvicorn are 3 MiB, and FastAPI
would be 6 more before it has answered anything.
"""
