"""The components for programs in other languages of Pulumi: `pulumi package add <this folder>`."""

from bicoastal.languages import serve

if __name__ == "__main__":
    serve()
