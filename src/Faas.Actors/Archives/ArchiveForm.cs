using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Encodings.Web;

namespace Faas.Actors.Archives;

/// <summary>
/// The form of archives.
/// <para>
/// Theory of operation. An archive is UTF-8 text with one JSON object a line, so that it can be written and read as a stream, cut into
/// scripts by text tools, and compared. The first line names the form; a later form is refused. Each script is a section, which is whole
/// by itself: the code of its versions is in it, each text once. An end line has the count and the checksum of its section, and the last
/// line the count of all sections, so an archive that was cut off or changed is noticed. The bytes follow from the scripts alone. No line
/// says when or where the archive was made.
/// </para>
/// </summary>
public static class ArchiveForm
{
    /// <summary>The number of the form that is written and read.</summary>
    public const int Number = 1;

    /// <summary>The media type of an archive: JSON, one object a line.</summary>
    public const string MediaType = "application/x-ndjson";

    /// <summary>
    /// The longest line, in bytes. The longest code of any server is 4 MiB, which JSON may write in six times as many bytes.
    /// </summary>
    public const int MostLineBytes = 32 << 20;

    /// <summary>The first line, without its end.</summary>
    public static ReadOnlySpan<byte> FirstLine => "{\"archive\":\"faas\",\"form\":1}"u8;

    internal static ArchiveJson Json { get; } = new(new JsonSerializerOptions(ArchiveJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The checksum of a section, of which all lines but the last have been counted.</summary>
    internal static string Text(IncrementalHash sum) => Convert.ToHexStringLower(sum.GetHashAndReset());

    /// <summary>Checks the first line; throws <see cref="ArchiveException"/>.</summary>
    internal static void CheckFirst(ReadOnlySpan<byte> line)
    {
        int? form = null;
        try
        {
            var first = JsonElement.Parse(line);
            if (first.ValueKind == JsonValueKind.Object
                && first.TryGetProperty("archive", out var maker) && maker.ValueKind == JsonValueKind.String && maker.GetString() == "faas"
                && first.TryGetProperty("form", out var number) && number.TryGetInt32(out var known))
            {
                form = known;
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // It is said below.
        }

        if (form != Number)
        {
            throw new ArchiveException(form is { } other
                ? $"The archive is of form {other}; this server reads form {Number}."
                : $"This is no archive: its first line is not {Encoding.UTF8.GetString(FirstLine)}.");
        }
    }
}
