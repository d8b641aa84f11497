// Checks that every object in a request body refuses the members that it does not name.

export default function closedBody(body, _options, context) {
  const findings = [];
  const visit = (schema, path, seen) => {
    if (schema === null || typeof schema !== 'object' || seen.includes(schema)) return;
    if ((schema.type === 'object' || schema.properties) && schema.additionalProperties !== false) {
      findings.push({ message: 'an object in a request body has additionalProperties: false', path });
    }
    const parts = [...seen, schema];
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      visit(property, [...path, 'properties', name], parts);
    }
    if (schema.items) visit(schema.items, [...path, 'items'], parts);
    for (const word of ['allOf', 'anyOf', 'oneOf']) {
      (schema[word] ?? []).forEach((part, index) => visit(part, [...path, word, index], parts));
    }
  };
  visit(body, context.path, []);
  return findings;
}
