using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Actors.Serialization;

/// <summary>
/// A script's snapshot in about 50 bytes a version, where JSON takes 200: it is read whole each time a script's actor
/// starts. SCHEMA.md describes it.
/// </summary>
internal static class SnapshotFormat
{
    /// <summary>The manifest of the form without settings; read, never written.</summary>
    public const string First = "ss1";

    /// <summary>The manifest of the form with an isolation; read, never written.</summary>
    public const string Second = "ss2";

    /// <summary>The manifest of the form whose script has versions and nothing else; read, never written.</summary>
    public const string Third = "ss3";

    /// <summary>The manifest of the form that is written.</summary>
    public const string Fourth = "ss4";

    private const int HashBytes = 32;

    public static byte[] Write(ScriptSnapshot snapshot)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(snapshot.Path);
        writer.Write7BitEncodedInt(snapshot.Versions.Count);
        var (last, settings) = (0L, ScriptSettings.Default);
        foreach (var version in snapshot.Versions)
        {
            writer.Write7BitEncodedInt64(version.Number - last);
            writer.Write(version.Language.ToWire()[0]);
            writer.Write(Convert.FromHexString(version.CodeHash));
            writer.Write7BitEncodedInt(version.CodeBytes);
            writer.Write(version.At.UtcTicks);
            Write(writer, version.Settings, settings);
            (last, settings) = (version.Number, version.Settings);
        }

        Write(writer, JsonSerializer.SerializeToUtf8Bytes(snapshot.Traits ?? ScriptTraits.None, FaasJson.Default.ScriptTraits));
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Throws <see cref="InvalidDataException"/> when the bytes are no snapshot.</summary>
    public static ScriptSnapshot Read(byte[] bytes, string manifest)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            var path = reader.ReadString();
            var count = reader.Read7BitEncodedInt();
            var versions = new List<ScriptVersion>(Math.Min(count, bytes.Length / HashBytes));
            var (last, settings) = (0L, ScriptSettings.Default);
            for (var i = 0; i < count; i++)
            {
                last += reader.Read7BitEncodedInt64();
                var language = LanguageOf(reader.ReadChar());
                var hash = Convert.ToHexStringLower(reader.ReadBytes(HashBytes));
                var codeBytes = reader.Read7BitEncodedInt();
                var at = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
                settings = manifest switch
                {
                    First => ScriptSettings.Default,
                    Second => EarlierSettings.Of(IsolationOf(reader.ReadChar())),
                    _ => ReadSettings(reader, settings),
                };
                versions.Add(new ScriptVersion(last, language, hash, codeBytes, at, settings));
            }

            var traits = manifest is First or Second or Third ? null : ReadTraits(reader);
            return new ScriptSnapshot(path, versions, traits);
        }
        catch (Exception broken) when (broken is EndOfStreamException or FormatException or ArgumentException or JsonException)
        {
            throw new InvalidDataException($"A script's snapshot of {bytes.Length} bytes cannot be read: {broken.Message}", broken);
        }
    }

    // Most versions of a script have the settings of the version before, which take one byte and no parsing.
    private static void Write(BinaryWriter writer, ScriptSettings settings, ScriptSettings before)
    {
        Write(writer, settings == before ? [] : JsonSerializer.SerializeToUtf8Bytes(settings, FaasJson.Default.ScriptSettings));
    }

    private static void Write(BinaryWriter writer, byte[] json)
    {
        writer.Write7BitEncodedInt(json.Length);
        writer.Write(json);
    }

    private static ScriptSettings ReadSettings(BinaryReader reader, ScriptSettings before)
    {
        var json = ReadJson(reader);
        return json.Length == 0 ? before
            : JsonSerializer.Deserialize(json, FaasJson.Default.ScriptSettings) ?? throw new FormatException("Settings are null.");
    }

    private static ScriptTraits ReadTraits(BinaryReader reader) =>
        JsonSerializer.Deserialize(ReadJson(reader), FaasJson.Default.ScriptTraits) ?? throw new FormatException("Traits are null.");

    private static byte[] ReadJson(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        return length >= 0 && length <= reader.BaseStream.Length - reader.BaseStream.Position
            ? reader.ReadBytes(length)
            : throw new EndOfStreamException($"JSON of {length} bytes is cut off.");
    }

    private static Language LanguageOf(char initial) => initial switch
    {
        'j' => Language.JavaScript,
        't' => Language.TypeScript,
        'p' => Language.Python,
        _ => throw new FormatException($"'{initial}' begins no language's name."),
    };

    private static Isolation? IsolationOf(char initial) => initial switch
    {
        '-' => null,
        's' => Isolation.Sandbox,
        'p' => Isolation.Process,
        'h' => Isolation.Shared,
        _ => throw new FormatException($"'{initial}' stands for no isolation."),
    };
}
