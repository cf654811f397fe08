"""From a checked contract to evidence: recipes, cases, subjects, engine."""
