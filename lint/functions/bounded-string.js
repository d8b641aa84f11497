// Checks that a string in JSON, or one that a caller sends, has a limit.

const LENGTHS = ['date', 'date-time', 'uuid'];

export default function boundedString(schema, _options, context) {
  const path = context.path.map(String);
  const content = path.lastIndexOf('content');
  // The reply of another media type is a file, which is as long as it is.
  const isFile = content > 0 && path[content - 2] === 'responses' && !path[content + 1].includes('json');
  const isShown = path.some((part, index) => /^examples?$/.test(part) && path[index - 1] !== 'properties');
  if (isFile || isShown) return [];
  if (schema.maxLength !== undefined || schema.enum !== undefined || LENGTHS.includes(schema.format)) return [];
  return [{ message: `a string has maxLength, enum or a format that is a length (${LENGTHS.join(', ')})` }];
}
