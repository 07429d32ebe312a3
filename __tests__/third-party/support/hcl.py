"""Prints as JSON what python-hcl2 reads in a file of Terraform."""

import json
import sys

import hcl2

with open(sys.argv[1]) as file:
    print(json.dumps(hcl2.load(file)))
