import { Command, Option } from 'commander';

import type { ProcessName } from '#platform';

import type { CliEdges } from './cli-edges.js';
import { examine } from './doctor/doctor.js';
import { findingLine } from './doctor/finding.js';

/** `doctor`: one line for each thing the service depends on; `fail` is called when one FAILs. */
export function doctorCommand(edges: CliEdges, fail: () => void): Command {
  return new Command('doctor')
    .description('check configuration, Redis, clock, JWKS hosts and the API key (costs one call)')
    .addOption(
      new Option('--for <process>', 'whose environment this is')
        .choices(['relay', 'worker'])
        .default('relay'),
    )
    .action(async (options: { for: ProcessName }) => {
      const findings = await examine(options.for, edges);
      findings.map(findingLine).forEach(edges.print);
      if (findings.some(({ level }) => level === 'FAIL')) {
        fail();
      }
    });
}
