"""What happens to the parts, one after the other, chosen at random."""

import signal


def chosen(random, fleet, sleep):
    """Returns the name of a fault and a function that lets it happen and pass."""
    part, kind = random.choice([
        *[(instance, kind) for instance in fleet.instances for kind in ("kill", "stop", "restart")],
        *[(fleet.redis, kind) for kind in ("kill", "stop", "empty")],
        *[(fleet.postgres, kind) for kind in ("kill", "stop")],
        *[(fleet.nginx, kind) for kind in ("kill", "reload")],
    ])
    seconds = random.uniform(0.5, 5)

    def kill():
        part.kill()
        sleep(seconds)
        part.start()

    def stop():
        part.signal(signal.SIGSTOP)
        sleep(seconds)
        part.signal(signal.SIGCONT)

    def restart():
        if part.stop() != 0:
            raise RuntimeError(f"{part.name} did not stop in good order")
        part.start()

    def empty():
        fleet.command_redis("FLUSHALL")

    def reload():
        part.process.send_signal(signal.SIGHUP)

    names = {
        "kill": f"killed, started {seconds:.1f} s later",
        "stop": f"stopped for {seconds:.1f} s",
        "restart": "restarted in good order",
        "empty": "emptied",
        "reload": "read its configuration again",
    }
    name = f"{part.name.removesuffix('-log')} {names[kind]}"
    return name, {"kill": kill, "stop": stop, "restart": restart, "empty": empty, "reload": reload}[kind]
