"""A process whose first texts with links are written by several threads in step: each line of what
reads addresses lets the others in. Prints how many were written, and in how many ways."""

import threading
import time

from forum.core.richtext import render

WRITERS = 8
TEXT = "[a](/ideas/1%20) http://x.example/%D1%8F"


def in_step(frame, _event, _value):
    if "mdurl" not in frame.f_code.co_filename:
        return None
    time.sleep(0.0002)  # the others run meanwhile, which is what this is about
    return in_step


def main():
    barrier, written = threading.Barrier(WRITERS), []

    def write():
        barrier.wait()
        written.append(render(TEXT))

    threading.settrace(in_step)
    threads = [threading.Thread(target=write) for _each in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(len(written), len(set(written)))


if __name__ == "__main__":
    main()
