"""A course in words for Temporal's own pages: where it stands and what it waits for, no person named (P10)."""

from domain.state.course import CourseState


def describe(state: CourseState) -> str:
    """Return Markdown with steps, status and waits."""
    steps = ", ".join(f"{visit.step}#{visit.ordinal}" for visit in state.open_visits) or "no open step"
    lines = [f"**{state.status.value}** – {steps}, revision {state.revision}"]
    if state.is_ahead_of_informing:
        lines.append(f"* reality is ahead of the informing: {', '.join(state.ahead)}")
    for waiting in state.waiting:
        roles = ", ".join(waiting.roles)
        until = f", until {waiting.until:%Y-%m-%d %H:%M}Z" if waiting.until else ""
        what = f" {waiting.what}" if waiting.what else ""
        lines.append(f"* {waiting.kind.value}{what}: {roles}, since {waiting.since:%Y-%m-%d}{until}")
    return "\n".join(lines)
