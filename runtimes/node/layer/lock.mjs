// What a lock of pnpm says that the project itself asks for: its section `importers`.
import { Refusal, addDeclared } from '../bundle/declared.mjs';

const SECTION = /^importers:\n\n {2}\.:\n {4}dependencies:\n((?: {6}.*\n)+)/m;
const ENTRY = / {6}('?)((?:@[^/\s']+\/)?[^/\s':]+)\1:\n {8}specifier: ('?)(.+)\3\n {8}version: .+\n/y;

/** The declared libraries, `{range}` by name, as install.mjs takes them. Throws Refusal. */
export function declaredInLock(lock) {
  const declared = new Map();
  const text = SECTION.exec(lock)?.[1] ?? '';
  for (ENTRY.lastIndex = 0; ENTRY.lastIndex < text.length;) {
    const match = ENTRY.exec(text);
    if (match === null) throw new Refusal('The lock is none of pnpm: its section importers names a library without its version.');
    addDeclared(declared, match[2], match[4], 'the lock');
  }
  if (declared.size === 0) throw new Refusal('The lock is none of pnpm: it has no section importers.');
  return declared;
}
