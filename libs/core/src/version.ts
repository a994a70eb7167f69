/** The product's version, as package.json has it. */
export class Version {
  constructor(readonly text: string) {}
}
