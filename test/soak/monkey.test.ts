import { describeMonkeys } from '../support/monkey.js';

describeMonkeys({ seeds: 20, seconds: 60 });
