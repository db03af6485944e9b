using System.Text.Json;

namespace Faas.Actors.Runs;

/// <summary>The values of the secrets of one run. They are in the server's memory and in the script's process, and nowhere else.</summary>
/// <param name="values">The values by name, in UTF-8.</param>
/// <param name="inEnv">Whether the run has them as environment variables, too.</param>
public sealed class RunSecrets(IReadOnlyList<KeyValuePair<string, byte[]>> values, bool inEnv)
{
    private OutputMask? _mask;

    /// <summary>Replaces the values in what the run prints and returns.</summary>
    public OutputMask Mask => _mask ??= new OutputMask(values.Select(value => value.Value));

    /// <summary>The payload of a SECRETS frame (runtimes/PROTOCOL.md).</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("values");
        foreach (var (name, value) in values)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteBoolean("env", inEnv);
        json.WriteEndObject();
    }

    /// <summary>The names alone: what is printed for a person must not tell a value.</summary>
    public override string ToString() => string.Join(", ", values.Select(value => value.Key));
}
