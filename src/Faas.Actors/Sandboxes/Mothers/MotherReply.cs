using System.Text.Json;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>Reads the lines that a mother writes (runtimes/PROTOCOL.md, "The mother"). Pure.</summary>
public static class MotherReply
{
    private const int ProtocolVersion = 1;

    /// <summary>What the line says; <see cref="MotherBroke"/> for a line that says nothing of the protocol.</summary>
    public static MotherEvent Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Read(document.RootElement) ?? new MotherBroke($"its mother said {Shortened(line)}");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return new MotherBroke($"its mother said {Shortened(line)}: {wrong.Message}");
        }
    }

    private static MotherEvent? Read(JsonElement said)
    {
        if (said.TryGetProperty("protocol", out var version))
        {
            return version.GetInt32() == ProtocolVersion ? new MotherWarm() : null;
        }

        if (said.TryGetProperty("forked", out var forked))
        {
            return new ChildForked(forked.GetString()!, said.GetProperty("pid").GetInt32());
        }

        if (said.TryGetProperty("failed", out var failed))
        {
            return new ForkFailed(failed.GetString()!, said.GetProperty("error").GetString()!);
        }

        if (said.TryGetProperty("reaped", out var reaped) && said.TryGetProperty("status", out var status))
        {
            return new ChildReaped(reaped.GetInt32(), status.ValueKind == JsonValueKind.Null ? null : status.GetInt32());
        }

        return null;
    }

    private static string Shortened(string line) => line.Length > 200 ? line[..200] + "…" : line;
}
