import { expect, it } from 'vitest';
import { idOfPath, objectPath } from './path';

it.each([
  [objectPath('workloads', 'Deployment~c~shop~web'), 'Deployment~c~shop~web'],
  ['/pods/a%2Fb/', 'a/b'],
  ['/pods', ''],
  ['/', ''],
  ['/workloads/%E0', ''],
])('the object of %s is %j', (pathname, id) => expect(idOfPath(pathname)).toBe(id));
