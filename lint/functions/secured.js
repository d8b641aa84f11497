// Checks what an operation with, and one without, credentials must declare.

export default function secured(operation, options, context) {
  const requirements = operation.security ?? context.documentInventory.resolved.security ?? [];
  const findings = [];
  const declare = (statuses, why) => {
    for (const status of statuses ?? []) {
      if (operation.responses?.[status] === undefined) {
        findings.push({ message: `${why} declares ${status}`, path: [...context.path, 'responses'] });
      }
    }
  };

  if (requirements.length === 0) {
    declare(options.openResponses, 'an operation that anybody may call');
    if (options.roles && operation['x-access-role'] !== undefined) {
      findings.push({ message: 'x-access-role without security is never enforced', path: [...context.path, 'x-access-role'] });
    }
    return findings;
  }
  declare(options.responses, 'an operation with security');
  if (options.roles && !options.roles.includes(operation['x-access-role'])) {
    findings.push({ message: `an operation with security has x-access-role: ${options.roles.join(' or ')}` });
  }
  return findings;
}
