/** Where refer links lead (SECURITYTRAILS_UI_URL). */
export class ReferSettings {
  constructor(readonly uiUrl: string) {}
}
