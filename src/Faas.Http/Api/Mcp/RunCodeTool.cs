using System.Text.Json;
using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;
using ModelContextProtocol.Protocol;

namespace Faas.Http.Api.Mcp;

/// <summary>The tool that runs code which is not stored, as <c>/run-now</c> does.</summary>
internal static class RunCodeTool
{
    private const CallMembers Members = CallMembers.Language | CallMembers.Code | CallMembers.Input | CallMembers.Timeout
        | CallMembers.Network | CallMembers.Image;

    /// <summary>As the list of tools shows it.</summary>
    public static Tool Definition { get; } = new()
    {
        Name = ToolName.RunCode,
        Title = "Run code",
        Description =
            "Runs JavaScript, TypeScript or Python code in a fresh sandbox, and returns its result and what it printed. "
            + "It has no network, but reaches those hosts of `network` that this server permits. "
            + "JavaScript and TypeScript may import libraries of npm: `import { z } from 'npm:zod@^4'`. "
            + "Python declares those of PyPI in a block `# /// script` (PEP 723). "
            + "A top-level `return` gives the result. Nothing stays after the run.",
        InputSchema = Parse(
            """
            {
              "type": "object",
              "properties": {
                "language": {"type": "string", "enum": ["javascript", "typescript", "python"]},
                "code": {"type": "string", "description": "The code. It may `return` a JSON value, and `await`."},
                "input": {"type": "object", "description": "What the code sees as `event`; {} if it is left out."},
                "timeout": {"type": "number", "description": "How long the code may run, in seconds."},
                "network": {
                  "type": "object",
                  "description": "What the code may reach; nothing if it is left out.",
                  "properties": {
                    "allow": {"type": "array", "items": {"type": "string"}, "description": "Hosts: api.example.com:443, *.example.org"}
                  },
                  "required": ["allow"],
                  "additionalProperties": false
                },
                "image": {"type": "string", "description": "An image of the server, by its name, whose libraries the code has."}
              },
              "required": ["language", "code"],
              "additionalProperties": false
            }
            """),
        OutputSchema = Parse(
            """
            {
              "type": "object",
              "properties": {
                "reason": {"type": "string", "description": "How the run ended: ok, error, syntax, dependencies, timeout, oom, …"},
                "result": {"description": "What the code returned."},
                "logs": {"type": "string", "description": "The end of what the code printed."},
                "message": {"type": "string", "description": "Why the run failed."}
              },
              "required": ["reason"]
            }
            """),
        Annotations = new ToolAnnotations { ReadOnlyHint = false, OpenWorldHint = true },
    };

    /// <summary>The call that the arguments describe; throws <see cref="ProblemException"/>.</summary>
    /// <param name="arguments">A JSON object in UTF-8.</param>
    /// <param name="limits">The largest code.</param>
    /// <param name="most">The longest time-out.</param>
    public static CallRequest Read(ReadOnlySpan<byte> arguments, HttpOptions limits, SettingCeilings most)
    {
        var call = CallReader.Read(arguments, Members, limits.CodeMaxBytes, most);
        return call.Warnings is [var first, ..]
            ? throw ProblemException.Malformed(first.Replace("body: ", "", StringComparison.Ordinal))
            : call;
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
