using System.Text;
using System.Text.Json;
using Faas.Actors.Hosts;

namespace Faas.Actors.Runs;

/// <summary>
/// The values of the secrets of one run. They are in the server's memory and in the script's process, and nowhere else. Those of sealed
/// secrets are in the server's memory alone.
/// </summary>
/// <param name="values">The values by name, in UTF-8.</param>
/// <param name="inEnv">Whether the run has them as environment variables, too.</param>
/// <param name="sealedOnes">The secrets of which the run has placeholders.</param>
public sealed class RunSecrets(
    IReadOnlyList<KeyValuePair<string, byte[]>> values, bool inEnv, IReadOnlyList<SealedSecret>? sealedOnes = null)
{
    private OutputMask? _mask;

    /// <summary>The secrets of which the run has placeholders.</summary>
    public IReadOnlyList<SealedSecret> Sealed { get; } = sealedOnes ?? [];

    /// <summary>Replaces the values in what the run prints and returns.</summary>
    public OutputMask Mask => _mask ??= new OutputMask(values.Select(value => value.Value).Concat(Sealed.SelectMany(FormsOf)));

    /// <summary>The payload of a SECRETS frame (runtimes/PROTOCOL.md).</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("values");
        foreach (var (name, value) in values)
        {
            json.WriteString(name, value);
        }

        foreach (var one in Sealed)
        {
            json.WriteString(one.Name, one.Placeholder);
        }

        json.WriteEndObject();
        json.WriteBoolean("env", inEnv);
        json.WriteEndObject();
    }

    /// <summary>The names alone: what is printed for a person must not tell a value.</summary>
    public override string ToString() => string.Join(", ", values.Select(value => value.Key).Concat(Sealed.Select(one => one.Name)));

    // A host that shows what it was sent shows the value in the form in which the proxy has put it into the request.
    private static byte[][] FormsOf(SealedSecret one) =>
        [.. SealedForms.TextsOf(one.Value).Concat(SealedForms.Base64Of(one.Value)).Select(Encoding.UTF8.GetBytes)];
}
