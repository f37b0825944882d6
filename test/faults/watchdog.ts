import { spawn } from 'node:child_process'

/** Ends what we leave behind when we are killed ourselves. */
export interface Watchdog {
  /** Told of every process that is to be ended, and of those that have. */
  started(pid: number): void
  ended(pid: number): void
  /** All was ended properly: it goes away. */
  dismiss(): void
}

/**
 * A shell that reads from us: at the end of file it kills the processes it was told of and the PostgreSQL and Redis whose process
 * files are in `folder`, and removes `folder`.
 */
export function startWatchdog(folder: string): Watchdog {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  shell.unref()
  // It may have gone before us.
  shell.stdin.on('error', () => undefined)
  return {
    started: (pid) => void shell.stdin.write(`+${pid}\n`),
    ended: (pid) => void shell.stdin.write(`-${pid}\n`),
    dismiss: () => void shell.kill('SIGKILL'),
  }
}

const SCRIPT = `
  pids=' '
  while read -r line; do
    case "$line" in
      +*) pids="$pids\${line#+} " ;;
      -*) pids=$(echo "$pids" | sed "s/ \${line#-} / /") ;;
    esac
  done
  for pid in $pids; do kill -KILL "$pid"; done
  for file in "$0/database/postgres/data/postmaster.pid" "$0/redis.pid"; do
    if [ -f "$file" ]; then kill -QUIT "$(head -n 1 "$file")"; fi
  done
  sleep 2
  rm -rf "$0"`
