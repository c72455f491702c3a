// One whole course by a client that is typed by nothing but the description: what does not fit does not compile.

import createClient from "openapi-fetch";
import type { components, paths } from "./described.js";

type Schemas = components["schemas"];
type Problem = Schemas["ProblemDocument"];
type Facts = Schemas["FactsBody"]["facts"];

const words = JSON.parse(process.env["COURSE"] ?? "") as {
  readonly case: Schemas["StartBody"];
  readonly said: Readonly<Record<"interview" | "visit" | "trial" | "hours", Facts>>;
  readonly notes: Readonly<Record<"intake" | "taught", Readonly<Record<string, string>>>>;
};

function expected<Body>(answer: { data?: Body; error?: unknown; response: Response }): Body {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status}: ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

class Speaker {
  readonly #api: ReturnType<typeof createClient<paths, "application/json" | "application/problem+json">>;

  constructor(token: string) {
    const baseUrl = process.env["FODSLAG"] ?? "";
    this.#api = createClient<paths, "application/json" | "application/problem+json">({ baseUrl, headers: { Authorization: `Bearer ${token}`, "Accept-Language": "en" } });
  }

  async starts(body: Schemas["StartBody"]): Promise<string> {
    return expected(await this.#api.POST("/v1/courses", { body })).course;
  }

  async reports(course: string, facts: Facts): Promise<void> {
    expected(await this.#api.POST("/v1/courses/{course}/facts", { params: { path: { course } }, body: { facts } }));
  }

  async isRefused(course: string, facts: Facts): Promise<Problem> {
    const { error } = await this.#api.POST("/v1/courses/{course}/facts", { params: { path: { course } }, body: { facts } });
    if (error === undefined) {
      throw new Error("Nothing was refused.");
    }
    return error;
  }

  async notes(course: string, texts: Readonly<Record<string, string>>): Promise<void> {
    for (const [kind, text] of Object.entries(texts)) {
      const body = { kind, text };
      expected(await this.#api.POST("/v1/courses/{course}/notes", { params: { path: { course } }, body }));
    }
  }

  async acknowledges(course: string): Promise<void> {
    const path = { course };
    const { briefing, version } = expected(await this.#api.GET("/v1/courses/{course}/briefing", { params: { path } }));
    const body = { briefing, version };
    expected(await this.#api.POST("/v1/courses/{course}/acknowledgements", { params: { path }, body }));
  }

  async steps(course: string): Promise<string[]> {
    const read = expected(await this.#api.GET("/v1/courses/{course}", { params: { path: { course } } }));
    return read.visits.filter((visit) => visit.is_open).map((visit) => visit.step.id);
  }

  async closes(course: string, body: Schemas["CloseBody"]): Promise<void> {
    expected(await this.#api.POST("/v1/courses/{course}/close", { params: { path: { course } }, body }));
  }

  async follows(course: string): Promise<string[]> {
    const kinds: string[] = [];
    for (let after: string | undefined; ; ) {
      const query = after === undefined ? { course, limit: 20 } : { course, limit: 20, after };
      const page = expected(await this.#api.GET("/v1/changes", { params: { query } }));
      kinds.push(...page.items.map((change) => change.kind));
      if (!page.more || page.next === null) {
        return kinds;
      }
      after = page.next;
    }
  }
}

const [system, anna, bo] = ["SYSTEM", "ANNA", "BO"].map((name) => new Speaker(process.env[name] ?? ""));
if (system === undefined || anna === undefined || bo === undefined) {
  throw new Error("Somebody is missing.");
}
const { said, notes } = words;
const course = await system.starts(words.case);
const way: string[][] = [];

async function bothAcknowledge(a: Speaker, b: Speaker): Promise<void> {
  await a.acknowledges(course);
  await b.acknowledges(course);
  way.push(await a.steps(course));
}

const problem = await anna.isRefused(course, { goal_paid_hour: 12 });
await anna.reports(course, said.interview);
await anna.notes(course, notes.intake);
await bo.notes(course, { opportunity: "Planteskolen mangler hænder." });
await bothAcknowledge(anna, bo);

await bo.reports(course, { ...said.visit, ...said.trial });
await anna.reports(course, { trial_decision: "granted", trial_granted_on: "2026-03-16" });
await bo.reports(course, { visit_outcome: "trial" });
await bothAcknowledge(anna, bo);

await bo.reports(course, { trial_started_on: "2026-03-23", next_step: "paid_hours" });
await anna.notes(course, notes.taught);
await bo.reports(course, { trial_ended_on: "2026-06-19", hours_reached: 15, trial_outcome: "hired", ...said.hours });
await bothAcknowledge(anna, bo);

await bo.reports(course, { paid_hours_started_on: "2026-06-22" });
await anna.closes(course, { outcome: "sustained_ordinary_hours", reason: "Ansat i gartneriet." });
await bothAcknowledge(anna, bo);

const refused = problem.errors.map((error) => `${error.field} ${error.code}`);
console.log(JSON.stringify({ way, refused, completed: (await system.follows(course)).includes("course_completed") }));
