"""python3 hang.py FOLDER COMMAND…: runs a command while a disk that never answers lies at FOLDER.

The disk is a FUSE mount (Linux, root) whose process reads no request: whoever opens the folder
waits until it is gone. Exits as the command does, with 77 where a disk can't be mounted, and with
124 where the command isn't done within a minute.
"""

import ctypes
import os
import subprocess
import sys

CANNOT_MOUNT = 77
TOO_LONG = 124
MNT_DETACH = 2

folder, command = sys.argv[1], sys.argv[2:]
libc = ctypes.CDLL(None, use_errno=True)
try:
    device = os.open("/dev/fuse", os.O_RDWR)
except OSError:
    sys.exit(CANNOT_MOUNT)
options = f"fd={device},rootmode=40000,user_id=0,group_id=0"
if libc.mount(b"hang", os.fsencode(folder), b"fuse", 0, options.encode()) != 0:
    sys.exit(CANNOT_MOUNT)
child = subprocess.Popen(command)
try:
    status = child.wait(60)
except subprocess.TimeoutExpired:
    status = TOO_LONG
finally:
    # Everyone who waits gets an error now.
    os.close(device)
    libc.umount2(os.fsencode(folder), MNT_DETACH)
    child.wait()
sys.exit(status)
