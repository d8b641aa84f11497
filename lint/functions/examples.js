// Checks that each parameter, body and reply of an operation has an example.

const shown = (place) => place.example !== undefined || Object.keys(place.examples ?? {}).length > 0;

export default function examples(operation, _options, context) {
  const findings = [];
  const want = (what, place, ...path) => {
    if (!shown(place) && place.schema?.example === undefined) {
      findings.push({ message: `${what} has no example, nor has its schema`, path: [...context.path, ...path] });
    }
  };
  const contents = (what, body, ...path) => {
    for (const [type, media] of Object.entries(body?.content ?? {})) {
      // A picture says less in a text than nothing.
      if (media.schema?.format !== 'binary') {
        want(`${what} as ${type}`, media, ...path, 'content', type);
      }
    }
  };

  (operation.parameters ?? []).forEach((parameter, index) => want(`parameter ${parameter.name}`, parameter, 'parameters', index));
  contents('the body', operation.requestBody, 'requestBody');
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    contents(`the reply ${status}`, response, 'responses', status);
    for (const [name, header] of Object.entries(response.headers ?? {})) {
      want(`header ${name}`, header, 'responses', status, 'headers', name);
    }
  }
  return findings;
}
