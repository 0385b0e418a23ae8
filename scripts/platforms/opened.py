"""python3 opened.py FOLDER: prints the name of everything that is opened in a folder (Linux)."""

import ctypes
import os
import struct
import sys

IN_OPEN = 0x20
libc = ctypes.CDLL(None, use_errno=True)
watch = libc.inotify_init()
if libc.inotify_add_watch(watch, os.fsencode(sys.argv[1]), IN_OPEN) < 0:
    sys.exit(os.strerror(ctypes.get_errno()))
print("ready", flush=True)
while True:
    events = os.read(watch, 65536)
    while events:
        _, _, _, length = struct.unpack_from("iIII", events)
        name = events[16 : 16 + length].rstrip(b"\0").decode()
        print(name or ".", flush=True)
        events = events[16 + length :]
