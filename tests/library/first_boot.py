"""What a new machine is told."""

import yaml

from bicoastal.hosts.user_data import UserData

MANAGERS = ["10.1.0.10", "10.1.0.11", "10.1.0.12"]


def told(number=0, **own):
    values = {"stack": "production", "place": "east", "region": "us-east-1", "managers": MANAGERS, **own}
    return UserData(number=number, **values).render()


def files(text):
    return {file["path"]: file for file in yaml.safe_load(text)["write_files"]}
