using Faas.Actors.Scripts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>The member <c>image</c>, where it cannot stand beside <c>sources</c>.</summary>
internal static class ImageMember
{
    /// <summary>
    /// Throws <see cref="ProblemException"/> if several files of JavaScript or TypeScript ask for an image: they are bundled when they
    /// come, and the bundler has no libraries of an image.
    /// </summary>
    public static void Check(CallRequest call)
    {
        if (call is { Language: not Language.Python, Tree: not null, Settings.Image: { } image })
        {
            throw ProblemException.Malformed(
                $"\"image\" is {MemberValue.Quoted(image)}, which JavaScript and TypeScript cannot have beside \"sources\"; "
                + "declare the libraries by \"dependencies\", or send a single text as \"code\".");
        }
    }
}
