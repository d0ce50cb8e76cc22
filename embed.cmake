# Writes OUTPUT, a C++ source with a FUNCTION that gives the text of each of FILES (absolute, or relative to FOLDER) by its name. HEADER declares it. A
# text that is looked for by "NAME.sha256" is the hash of that file's text. Run by the build: cmake -DOUTPUT= -DHEADER= -DFUNCTION= -DFOLDER= -DFILES= -P
file(WRITE ${OUTPUT} "// Made by embed.cmake from the files that it names.\n#include \"${HEADER}\"\n\n"
  "std::string_view trunklab::${FUNCTION}(std::string_view name) {\n")
foreach(path ${FILES})
  file(REAL_PATH ${path} full BASE_DIRECTORY ${FOLDER})
  file(READ ${full} text)
  file(SHA256 ${full} hash)
  file(RELATIVE_PATH name ${FOLDER} ${full})
  if(name MATCHES "^\\.\\.")
    get_filename_component(name ${full} NAME)
  endif()
  file(APPEND ${OUTPUT} "  if (name == \"${name}\") return R\"__(${text})__\";\n  if (name == \"${name}.sha256\") return \"${hash}\";\n")
endforeach()
file(APPEND ${OUTPUT} "  return {};\n}\n")
