"""Runs a command in a terminal of its own: JSON strings come in, one a line, and are typed; JSON
strings go out, one a line, with what the terminal was told to show."""

import codecs, fcntl, json, os, pty, struct, sys, termios, threading

ROWS, COLUMNS = 40, 200  # wide enough that no message wraps

pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    os.environ["TERM"] = "xterm"
    os.execvp(sys.argv[1], sys.argv[1:])


def type_lines():
    for line in sys.stdin:
        os.write(terminal, json.loads(line).encode())


threading.Thread(target=type_lines, daemon=True).start()
decoder = codecs.getincrementaldecoder("utf-8")()
while True:
    try:
        shown = os.read(terminal, 65536)
    except OSError:  # how Linux tells that the other end is closed
        break
    print(json.dumps(decoder.decode(shown)), flush=True)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
