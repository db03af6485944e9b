// Rehearses a child's way from its fork to its first run, with system calls that do nothing.
import { rehearseZygote } from '../zygote/rehearsal.mjs';
import { idleCalls, loadCalls } from './call-names.mjs';
import { CallList } from './calls.mjs';
import { MotherChild } from './child.mjs';
import { DescriptorList } from './descriptors.mjs';
import { GivenValues, suppliedValues } from './given.mjs';
import { MeetingPlace } from './meeting.mjs';

const PR_GET_DUMPABLE = 3; // changes nothing
const HEAT = 300; // calls until V8 has optimized them

// One argument of each kind.
const listed = [
  { call: 'prctl', arguments: [PR_GET_DUMPABLE, 'text', { bytes: 'AA==' }, { given: 'text' }, { given: 'text', length: true }], why: 'one' },
  { call: 'prctl', arguments: [PR_GET_DUMPABLE, { was: 0 }, { given: 'number' }], why: 'two' },
];
const given = new GivenValues(new Map()).with({ text: 'text', number: 1 });

/** Lives through a child's life, and heats the calls. */
export async function rehearseChild(libc) {
  const inheritance = { own: [], shared: [3, 4] };
  const calls = new CallList(idleCalls(1), listed);
  await rehearseZygote((idle, zygote) => new MotherChild(idle, {
    meetingPlace: new MeetingPlace(idle, '/tmp/socket'), inheritance, descriptors: new DescriptorList(idle, inheritance), calls, zygote,
  }).live('token', given));
  const real = new CallList(loadCalls(), listed);
  for (let round = 0; round < HEAT; round++) real.carryOut(libc.errno, given);
}
