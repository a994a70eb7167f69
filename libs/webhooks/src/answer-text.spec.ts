import { describe, expect, it } from '@jest/globals';

import { answerText } from './answer-text.js';

const URL_TEXT = 'https://hooks.example.com/services/T0000/CANARY%2Dkey?token=CANARY2';

describe('answerText', () => {
  it('is one short line without controls', () => {
    expect(answerText('no\r\n\u001b[31m\u202eway\0', URL_TEXT)).toBe('no [31m way');
    expect(answerText('x'.repeat(1_024), URL_TEXT)).toHaveLength(200);
  });

  it('leaves out what is secret in the URL, as it is written and as it is meant', () => {
    const answer = 'Cannot POST /services/T0000/CANARY%2Dkey?token=CANARY2 (CANARY-key)';
    expect(answerText(answer, URL_TEXT)).not.toContain('CANARY');
  });

  it('survives a URL that cannot be decoded', () => {
    expect(answerText('hello %E0%A4%A', 'https://example.com/%E0%A4%A')).toBe('hello …');
  });
});
