using System.Text.Json.Nodes;
using Faas.Actors.Json;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>
/// The lines that the server writes to a mother (runtimes/PROTOCOL.md, "The mother"), as JSON without the line's end. Pure.
/// </summary>
public static class MotherOrder
{
    /// <summary>The first line: where children call on the server, what they do, and the filter that they get.</summary>
    /// <param name="socket">The path inside of the socket on which the server listens.</param>
    /// <param name="before">The calls of the mother before each fork.</param>
    /// <param name="child">The calls of the child.</param>
    /// <param name="filter">The program of the sandboxes' seccomp filter.</param>
    public static string Begin(
        string socket, IReadOnlyList<SystemCall> before, IReadOnlyList<SystemCall> child, ReadOnlySpan<byte> filter) => Line(new JsonObject
        {
            ["socket"] = socket,
            ["before"] = Calls(before),
            ["child"] = Calls(child),
            ["filter"] = Convert.ToBase64String(filter),
        });

    /// <summary>Asks for a fork.</summary>
    /// <param name="token">The name of the fork, with which the child calls on the server.</param>
    /// <param name="walls">What is the child's own among its walls.</param>
    public static string Fork(string token, ChildWalls walls) => Line(new JsonObject
    {
        ["fork"] = token,
        ["given"] = new JsonObject
        {
            [WallCalls.Slot] = walls.Slot,
            [WallCalls.Map] = WallCalls.UserMap(walls.Slot),
            [WallCalls.Tmp] = WallCalls.TmpOptions(walls.TmpBytes),
            [WallCalls.Files] = new JsonObject { ["bytes"] = Convert.ToBase64String(WallCalls.Limit(walls.FileBytes).Bytes.Span) },
        },
    });

    /// <summary>Asks how a child ended.</summary>
    /// <param name="pid">Its pid as the mother has told it.</param>
    public static string Reap(int pid) => Line(new JsonObject { ["reap"] = pid });

    private static JsonArray Calls(IReadOnlyList<SystemCall> calls) => new(
    [
        .. calls.Select(call => new JsonObject
        {
            ["call"] = call.Call,
            ["arguments"] = new JsonArray([.. call.Arguments.Select(Argument)]),
            ["why"] = call.Why,
        }),
    ]);

    private static JsonNode Argument(CallArgument argument) => argument switch
    {
        CallArgument.Number number => JsonValue.Create(number.Value),
        CallArgument.Text text => JsonValue.Create(text.Value),
        CallArgument.Memory memory => new JsonObject { ["bytes"] = Convert.ToBase64String(memory.Bytes.Span) },
        CallArgument.Was was => new JsonObject { ["was"] = was.Call },
        CallArgument.Given { IsLength: true } length => new JsonObject { ["given"] = length.Name, ["length"] = true },
        CallArgument.Given given => new JsonObject { ["given"] = given.Name },
        _ => throw new InvalidOperationException($"{argument} has no form on the wire."),
    };

    private static string Line(JsonObject order) => order.ToJsonString(RelaxedJson.SerializerOptions);
}
