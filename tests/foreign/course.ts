// A foreign developer's program: it carries one whole course by the types made of the description, and by nothing else.

import { env } from "node:process";

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./fodslag.js";
import told from "./told.json" with { type: "json" };

type Schemas = components["schemas"];
type Facts = Schemas["FactsBody"]["facts"];
type Problem = Schemas["ProblemDocument"];
type Answer<Said> = { data?: Said; error?: Problem; response: Response };

/** Somebody of the municipality, or one of its systems, and what he says to the course that he is in. */
class Speaker {
  readonly asks: Client<paths>;

  constructor(token: string | undefined) {
    this.asks = createClient<paths>({
      baseUrl: env["FODSLAG"] ?? "",
      headers: { Authorization: `Bearer ${token}`, "Accept-Language": "en" },
    });
  }

  async starts(): Promise<string> {
    const params = { header: { "Idempotency-Key": told.case.reference } };
    const started = answered(await this.asks.POST("/v1/courses", { params, body: told.case }));
    if ("dry_run" in started) throw new Error("This was no dry run.");
    return started.course;
  }

  async reports(course: string, facts: Facts): Promise<void> {
    answered(await this.asks.POST("/v1/courses/{course}/facts", { params: { path: { course } }, body: { facts } }));
  }

  async notes(course: string, words: Record<string, string>): Promise<void> {
    const body: Schemas["NotesBody"] = { notes: Object.entries(words).map(([kind, text]) => ({ kind, text })) };
    answered(await this.asks.POST("/v1/courses/{course}/notes", { params: { path: { course } }, body }));
  }

  async agrees(course: string, text: string): Promise<void> {
    const body: Schemas["NoteBody"] = { kind: "agreement", text, changes_the_agreement: true };
    answered(await this.asks.POST("/v1/courses/{course}/notes", { params: { path: { course } }, body }));
  }

  async reads(course: string): Promise<Schemas["BriefingRead"]> {
    const briefing = answered(await this.asks.GET("/v1/courses/{course}/briefing", { params: { path: { course } } }));
    if (typeof briefing === "string") throw new Error("JSON was asked for.");
    return briefing;
  }

  async acknowledges(course: string): Promise<void> {
    const { briefing, version } = await this.reads(course);
    if (version === null) throw new Error("No version is issued.");
    const refused = await this.triesToAcknowledge(course, { briefing, version });
    if (refused) throw new Error(refused.detail);
  }

  async triesToAcknowledge(course: string, body: Schemas["AcknowledgeBody"]): Promise<Problem | undefined> {
    const params = { path: { course } };
    return (await this.asks.POST("/v1/courses/{course}/acknowledgements", { params, body })).error;
  }

  async closes(course: string, body: Schemas["CloseBody"]): Promise<void> {
    const { response } = await this.asks.GET("/v1/courses/{course}", { params: { path: { course } } });
    const params = { path: { course }, header: { "If-Match": response.headers.get("ETag") } };
    answered(await this.asks.POST("/v1/courses/{course}/close", { params, body }));
  }

  async sees(course: string): Promise<Schemas["CourseRead"]> {
    return answered(await this.asks.GET("/v1/courses/{course}", { params: { path: { course } } }));
  }

  async follows(course: string): Promise<Schemas["Change"][]> {
    const changes: Schemas["Change"][] = [];
    for (let after: string | null = null, more = true; more; ) {
      const params = { query: { course, after, limit: 10 } };
      const page: Schemas["ChangesPage"] = answered(await this.asks.GET("/v1/changes", { params }));
      changes.push(...page.items);
      ({ next: after, more } = page);
    }
    return changes;
  }
}

/** Return what was answered; a refusal is thrown in the words that it has for people. */
function answered<Said>({ data, error, response }: Answer<Said>): Said {
  if (data === undefined) throw new Error(`${response.status} ${error?.code}: ${error?.detail}`);
  return data;
}

/** Acknowledge a version that is not the last one any more; the refusal names the one to acknowledge. */
async function putsRight(who: Speaker, course: string, outdated: Schemas["BriefingRead"]): Promise<Problem> {
  const { briefing, version } = outdated;
  if (version === null) throw new Error("No version is issued.");
  const refused = await who.triesToAcknowledge(course, { briefing, version });
  if (refused?.code !== "version-outdated") throw new Error(`It was not refused as outdated: ${refused?.code}`);
  const current = Number(refused.errors[0]?.params["current"]);
  const again = await who.triesToAcknowledge(course, { briefing, version: current });
  if (again) throw new Error(again.detail);
  return refused;
}

/** Go from intake to a closing that a person recorded, and return what was seen on the way. */
async function carried(system: Speaker, anna: Speaker, bo: Speaker): Promise<object> {
  const course = await system.starts();
  const steps = async () => {
    const { visits } = await anna.sees(course);
    return visits.filter(({ is_open }) => is_open).map(({ step }) => step.id);
  };
  const way = [await steps()];
  const acknowledged = async (...readers: Speaker[]) => {
    for (const reader of readers) await reader.acknowledges(course);
    way.push(await steps());
  };

  await anna.reports(course, told.interview);
  await anna.notes(course, told.words);
  await bo.notes(course, { opportunity: "Planteskolen mangler hænder." });
  const outdated = await bo.reads(course);
  await anna.agrees(course, "Karla møder fra klokken ti.");
  const refused = await putsRight(bo, course, outdated);
  await acknowledged(anna);

  await bo.reports(course, { ...told.visit, visit_outcome: "trial" });
  await bo.notes(course, told.agreed);
  await anna.reports(course, told.grant);
  await acknowledged(anna, bo);

  await anna.notes(course, told.taught);
  await bo.reports(course, { trial_ended_on: "2026-06-19", trial_outcome: "hired", ...told.hours });
  await acknowledged(anna, bo);

  await anna.closes(course, { outcome: "sustained_ordinary_hours", reason: "Ansat i gartneriet." });
  await acknowledged(anna, bo);

  const { status, outcome } = await anna.sees(course);
  const kinds = (await system.follows(course)).map(({ kind }) => kind);
  return { way, status, outcome, refused, kinds };
}

/** Never called: what the types let nobody write. What compiles here all the same is reported. */
export async function mistakes(someone: Speaker, course: string): Promise<void> {
  const params = { path: { course } };
  // @ts-expect-error There is no such path.
  await someone.asks.GET("/v1/course/{course}", { params });
  // @ts-expect-error A course is closed for a reason.
  await someone.asks.POST("/v1/courses/{course}/close", { params, body: { outcome: "moved_away" } });
  // @ts-expect-error Supervisors acknowledge for one of the two roles.
  await someone.triesToAcknowledge(course, { briefing: 1, version: 1, role: "supervisor" });
  // @ts-expect-error Nothing of this kind happens.
  await someone.asks.GET("/v1/changes", { params: { query: { kind: ["course_forgotten"] } } });
  // @ts-expect-error The outcome is there only when the course is closed.
  (await someone.sees(course)).outcome.length;
}

const [system, anna, bo] = [env["SYSTEM"], env["ANNA"], env["BO"]].map((token) => new Speaker(token));
if (!system || !anna || !bo) throw new Error("Three of them are needed.");
console.log(JSON.stringify(await carried(system, anna, bo)));
