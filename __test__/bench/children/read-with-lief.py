# python3 read-with-lief.py <list>: the milliseconds in which LIEF reads the needed libraries and
# the imports of all files in a list, a JSON file. The start of Python isn't counted.
import json
import sys
import time

import lief

with open(sys.argv[1]) as text:
    files = json.load(text)
start = time.perf_counter()
for file in files:
    binary = lief.parse(file)
    [str(name) for name in binary.libraries]
    [symbol.name for symbol in binary.imported_symbols]
print((time.perf_counter() - start) * 1000)
