// Reads the type declarations of Lago's client, and checks answers against the return types of its methods.
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

const require = createRequire(import.meta.url);
const declarations = path.join(path.dirname(require.resolve('lago-javascript-client')), 'openapi', 'client.d.ts');
const program = ts.createProgram([declarations], { strict: true, skipLibCheck: true, lib: ['lib.es2020.d.ts', 'lib.dom.d.ts'] });
const checker = program.getTypeChecker();
const source = program.getSourceFile(declarations);
const api = checker.getDeclaredTypeOfSymbol(
    checker.getExportsOfModule(checker.getSymbolAtLocation(source)).find(symbol => symbol.name === 'Api'));

const typeOf = symbol => checker.getTypeOfSymbolAtLocation(symbol, source);
const has = (type, flag) => (type.flags & flag) !== 0;

/** The methods of the client, such as "customers.createCustomer", with the types of their answers. */
export const methods = new Map();
for (const resource of checker.getPropertiesOfType(api)) {
  for (const method of checker.getPropertiesOfType(typeOf(resource))) {
    const [signature] = checker.getSignaturesOfType(typeOf(method), ts.SignatureKind.Call);
    const declared = resource.declarations?.[0];
    if (!signature || !declared || !ts.isPropertyDeclaration(declared) || !method.declarations?.some(one => one.getSourceFile() === source)) continue;
    const [response] = checker.getTypeArguments(checker.getReturnTypeOfSignature(signature));
    const data = response && checker.getPropertyOfType(response, 'data');
    if (data) methods.set(`${resource.name}.${method.name}`, typeOf(data));
  }
}

/** The differences of `value` from `type`, without the `expected` ones. Empty if the value fits. */
export function differences(type, value, expected) {
  return differencesAt(type, value, '', expected).filter(problem => !expected(problem));
}

function differencesAt(type, value, at, expected) {
  if (type.isUnion()) {
    const nothing = one => has(one, ts.TypeFlags.Null | ts.TypeFlags.Undefined);
    const all = type.types.filter(one => value == null || !nothing(one)).map(one => differencesAt(one, value, at, expected).filter(problem => !expected(problem)));
    return all.reduce((best, one) => (one.length < best.length ? one : best));
  }
  if (type.isIntersection()) return type.types.flatMap(one => differencesAt(one, value, at, expected));
  if (has(type, ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return [];
  if (has(type, ts.TypeFlags.Void | ts.TypeFlags.Undefined)) return value == null ? [] : wrong('nothing', value, at);
  if (has(type, ts.TypeFlags.Null)) return value === null ? [] : wrong('null', value, at);
  if (type.isStringLiteral() || type.isNumberLiteral()) return value === type.value ? [] : wrong(JSON.stringify(type.value), value, at);
  if (has(type, ts.TypeFlags.BooleanLiteral)) return String(value) === type.intrinsicName && typeof value === 'boolean' ? [] : wrong(type.intrinsicName, value, at);
  if (has(type, ts.TypeFlags.StringLike)) return typeof value === 'string' ? [] : wrong('a string', value, at);
  if (has(type, ts.TypeFlags.NumberLike)) return typeof value === 'number' ? [] : wrong('a number', value, at);
  if (has(type, ts.TypeFlags.BooleanLike)) return typeof value === 'boolean' ? [] : wrong('a boolean', value, at);
  if (checker.isArrayType(type)) {
    if (!Array.isArray(value)) return wrong('an array', value, at);
    const [element] = checker.getTypeArguments(type);
    return value.flatMap((one, index) => differencesAt(element, one, `${at}[${index}]`, expected));
  }
  return objectDifferences(type, value, at, expected);
}

function objectDifferences(type, value, at, expected) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return wrong('an object', value, at);
  const found = [];
  const known = new Set();
  for (const property of checker.getPropertiesOfType(type)) {
    known.add(property.name);
    const name = `${at}.${property.name}`;
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    if (value[property.name] === undefined) {
      if (!optional) found.push(`${name}: missing`);
      continue;
    }
    const differing = differencesAt(typeOf(property), value[property.name], name, expected);
    found.push(...(differing.length > 0 ? differing : format(property, value[property.name], name)));
  }
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  if (index) {
    for (const [name, one] of Object.entries(value)) {
      if (!known.has(name)) found.push(...differencesAt(index.type, one, `${at}.${name}`, expected));
    }
  }
  return found;
}

const FORMATS = {
  uuid: text => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  'date-time': text => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)),
  date: text => /^\d{4}-\d\d-\d\d$/.test(text),
};

/** The declarations give the format of a string in a comment: `@format uuid`. */
function format(property, value, at) {
  const tag = property.getJsDocTags(checker).find(one => one.name === 'format');
  const name = tag && ts.displayPartsToString(tag.text).trim();
  return typeof value !== 'string' || !FORMATS[name] || FORMATS[name](value) ? [] : wrong(`a ${name}`, value, at);
}

function wrong(expected, value, at) {
  return [`${at || 'the answer'}: expected ${expected}, got ${JSON.stringify(value) ?? 'nothing'}`.slice(0, 300)];
}
