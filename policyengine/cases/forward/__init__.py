"""Forward chaining on durable_rules, kept honest: what the evidence of persons gives, what their claims show.

``engine`` is the one place that knows durable_rules; ``entitlements`` and ``audit`` say the sentences of a rule file in
its rules. Both derive what the plain evaluations derive. Needs the extra ``cases``.
"""

from policyengine.cases.forward.audit import find
from policyengine.cases.forward.engine import Fact, Rules, built, chained
from policyengine.cases.forward.entitlements import forward

__all__ = ["Fact", "Rules", "built", "chained", "find", "forward"]
