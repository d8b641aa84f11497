// What the scenarios in TypeScript share: the settings, the mailed token, the lines that are printed.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

export const url = setting("STARWARS_URL");
export const password = "womp-rats-in-my-T16";

/** The token of the link that the sign-up mailed. */
export async function mailedToken(email: string): Promise<string> {
  const outbox = setting("STARWARS_OUTBOX");
  for (let tries = 0; tries < 100; tries += 1) {
    for (const file of readdirSync(outbox).filter((name) => name.endsWith(".eml"))) {
      const mail = readFileSync(join(outbox, file), "utf8");
      const link = mail.split("\r\n").find((line) => line.includes("/email_verification?"));
      if (mail.includes(`To: ${email}`) && link) {
        return new URL(link).searchParams.get("token") ?? "";
      }
    }
    await setTimeout(100);
  }
  throw new Error(`no mail with a link for ${email} in ${outbox}`);
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set; run 'make clients'`);
  }
  return value;
}

export function step(what: string): void {
  console.log(what);
}

/** Runs a scenario; the process fails when it does. */
export function run(main: () => Promise<void>): void {
  main().catch((failure: unknown) => {
    console.error(failure);
    process.exitCode = 1;
  });
}
