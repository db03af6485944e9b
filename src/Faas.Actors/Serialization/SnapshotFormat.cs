using System.Text;
using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Actors.Serialization;

/// <summary>
/// A script's snapshot as bytes: about 50 a version, where JSON takes 200, because it is read whole at every start of
/// a script. SCHEMA.md describes it.
/// </summary>
internal static class SnapshotFormat
{
    /// <summary>The form that knew no isolation; read, never written.</summary>
    public const string FirstManifest = "ss1";

    /// <summary>The form that is written.</summary>
    public const string Manifest = "ss2";

    private const int HashBytes = 32;

    public static byte[] Write(ScriptSnapshot snapshot)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(snapshot.Path);
        writer.Write7BitEncodedInt(snapshot.Versions.Count);
        var last = 0L;
        foreach (var version in snapshot.Versions)
        {
            writer.Write7BitEncodedInt64(version.Number - last);
            writer.Write(version.Language.ToWire()[0]);
            writer.Write(Convert.FromHexString(version.CodeHash));
            writer.Write7BitEncodedInt(version.CodeBytes);
            writer.Write(version.At.UtcTicks);
            writer.Write(InitialOf(version.Isolation));
            last = version.Number;
        }

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
            var last = 0L;
            for (var i = 0; i < count; i++)
            {
                last += reader.Read7BitEncodedInt64();
                versions.Add(new ScriptVersion(
                    last,
                    LanguageOf(reader.ReadChar()),
                    Convert.ToHexStringLower(reader.ReadBytes(HashBytes)),
                    reader.Read7BitEncodedInt(),
                    new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
                    manifest == FirstManifest ? null : IsolationOf(reader.ReadChar())));
            }

            return new ScriptSnapshot(path, versions);
        }
        catch (Exception broken) when (broken is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"A script's snapshot of {bytes.Length} bytes cannot be read: {broken.Message}", broken);
        }
    }

    private static Language LanguageOf(char initial) => initial switch
    {
        'j' => Language.JavaScript,
        't' => Language.TypeScript,
        'p' => Language.Python,
        _ => throw new FormatException($"'{initial}' begins no language's name."),
    };

    private static char InitialOf(Isolation? isolation) => isolation switch
    {
        null => '-',
        Isolation.Sandbox => 's',
        Isolation.Process => 'p',
        Isolation.Shared => 'h',
        _ => throw new ArgumentOutOfRangeException(nameof(isolation), isolation, null),
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
