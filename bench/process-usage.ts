import { readFileSync } from 'node:fs';

/** `USER_HZ`: fixed at 100 in Linux' interface to user space (proc(5)). */
const TICKS_A_SECOND = 100;
/** Places in /proc/<pid>/stat behind the command's closing parenthesis. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** CPU time of a process and its threads so far, in seconds, to the hundredth. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_A_SECOND;
}

/** Resident memory of a process, in MiB. */
export function residentMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
