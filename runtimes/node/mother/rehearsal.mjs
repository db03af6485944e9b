// Rehearses a child's way from its fork to its first run, with system calls that do nothing.
import { rehearse } from '../zygote/rehearsal.mjs';
import { idleCalls, loadCalls } from './call-names.mjs';
import { CallList } from './calls.mjs';
import { MotherChild } from './child.mjs';
import { DescriptorList } from './descriptors.mjs';
import { GivenValues, suppliedValues } from './given.mjs';
import { MeetingPlace } from './meeting.mjs';

const [PR_GET_DUMPABLE, PR_GET_KEEPCAPS] = [3, 7]; // change nothing, and return 1 and 0
const HEAT = 1000; // calls until V8 has optimized them

// An argument of each kind, a result of 0 and another one.
const listed = [
  [PR_GET_DUMPABLE, 'text', { bytes: 'AA==' }, { given: 'text' }, { given: 'text', length: true }],
  [PR_GET_KEEPCAPS, { was: 0 }, { given: 'number' }],
].map((values) => ({ call: 'prctl', arguments: values, why: 'a rehearsal' }));
const given = new GivenValues(new Map()).with({ text: 'text', number: 1 });

/** Lives through a child's life, and heats the calls. */
export async function rehearseChild(libc) {
  const inheritance = { own: [], shared: [3, 4] };
  const calls = new CallList(idleCalls(1), listed);
  const live = (idle, zygote) => new MotherChild(idle, {
    meetingPlace: new MeetingPlace(idle, '/tmp/socket'), inheritance, descriptors: new DescriptorList(idle, inheritance), calls, zygote,
  }).live('token', given);
  for await (const _ of rehearse(live)) { /* the next scene */ }
  const real = new CallList(loadCalls(), listed);
  for (let round = 0; round < HEAT; round++) real.carryOut(libc.errno, given);
}
