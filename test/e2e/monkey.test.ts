import { describeMonkeys } from '../support/monkey.js';

describeMonkeys({ seeds: 3, seconds: 20 });
