/** What a scenario is, and the code that several of them look at. */
import type { Window } from "../window.mts";

export interface Scenario {
  /** What is shown; also the name of the picture. */
  readonly name: string;
  /** What lies in the folder. Scenarios of one window have files of their own. */
  readonly files: Readonly<Record<string, string>>;
  readonly run: (window: Window) => Promise<void>;
}

/** One finding with a safe fix and an unsafe alternative, in line 5, column 10. */
export const PUSH = `import sentry_sdk


def charge(order):
    with sentry_sdk.push_scope() as scope:
        scope.set_extra("order", order)
        sentry_sdk.capture_exception()
`;
export const PUSH_FIXED = PUSH.replace("push_scope", "new_scope");

/** One more finding, of another rule. */
export const TWO = `${PUSH}

def remember():
    sentry_sdk.Hub.current.add_breadcrumb(message="charged")
`;
export const TWO_FIXED = TWO.replace("push_scope", "new_scope").replace("Hub.current.", "");
