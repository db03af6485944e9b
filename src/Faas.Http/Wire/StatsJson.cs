using System.Buffers;
using System.Text.Json;
using Faas.Actors.Runs;

namespace Faas.Http.Wire;

/// <summary>What a run cost, on the wire: <c>{"cpuSeconds":0.0018,"maxRssBytes":41234432,"wallSeconds":0.0123}</c>.</summary>
public static class StatsJson
{
    /// <summary>The member's name.</summary>
    public const string Name = "stats";

    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject();
        json.WriteNumber("cpuSeconds", Seconds(usage.Cpu));
        json.WriteNumber("maxRssBytes", usage.MaxRssBytes);
        json.WriteNumber("wallSeconds", Seconds(usage.Elapsed));
        json.WriteEndObject();
    }

    /// <summary>Writes the member, after a comma, into an object that is being written by hand.</summary>
    public static void WriteMember(IBufferWriter<byte> output, Usage usage)
    {
        output.Write(",\"stats\":"u8);
        using var json = new Utf8JsonWriter(output);
        Write(json, usage);
    }

    private static decimal Seconds(TimeSpan time) => decimal.Round((decimal)time.TotalSeconds, 6);
}
